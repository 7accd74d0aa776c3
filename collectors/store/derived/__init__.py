"""What the store works out from reported points: tallies per rule, histograms of raw values."""
