"""The register: projects with their geometry, goals, served areas, volumes and figures."""
