"""The parts of "Will we make it": computing the answer, and saying it in two languages."""
