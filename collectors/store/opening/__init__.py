"""How a store is found, made, migrated, locked and opened, or refused with the reason."""
