"""The parts of the quarter review: reading three kinds of files, and printing the report."""
