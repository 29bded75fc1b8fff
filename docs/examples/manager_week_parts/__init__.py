"""The parts of the manager's week: reading the files of a team, and printing the page."""
