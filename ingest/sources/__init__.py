"""Where documents come from: files, archives, JSON lines and, only when asked, the network; which is which."""
