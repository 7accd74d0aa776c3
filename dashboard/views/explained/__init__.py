"""The arithmetic behind figures, a formula with its numbers each, to be redone by hand."""
