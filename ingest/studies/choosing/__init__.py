"""Which of the candidates a figure has: the words around them weighed, where they stand, and the trees that choose."""
