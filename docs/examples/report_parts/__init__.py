"""What all examples share: the command line, the reading of CSV files, and the page."""
