"""Text to vectors: the encoder and its runtimes, and the parity of the two languages."""
