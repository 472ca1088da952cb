"""The pages: function views, one selector and one template each."""
