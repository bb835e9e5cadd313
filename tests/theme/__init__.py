"""What readers see: drawings, pictures, type, page kinds."""
