"""The parts of the web site: what a page shows, and the templates, styles and script that show it."""
