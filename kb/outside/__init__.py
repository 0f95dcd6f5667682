"""What comes from outside made safe: strings, addresses, and the processes that the program starts."""
