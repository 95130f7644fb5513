"""Mail in both directions: what is told, how it leaves, and how what comes back is understood."""
