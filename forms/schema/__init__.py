"""Reading .form files: JSON within limits, groups included, every fault named."""
