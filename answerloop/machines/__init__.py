"""What programs read of the site: sitemap, feeds, llms.txt, Markdown, search descriptions.

Pure functions from public articles to text; `written` puts them into the folder of the site.
"""
