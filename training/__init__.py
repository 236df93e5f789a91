"""Where the classifier learns: the material, the generator, training and its measurement."""
