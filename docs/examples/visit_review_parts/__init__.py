"""The parts of the visit review: reading a book of visits, and printing what it teaches."""
