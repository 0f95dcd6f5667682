"""When something was measured: the periods that a text names."""
