"""The DMN Technology Compatibility Kit as a referee; the kit itself stays outside."""
