"""The assessment scheme (考核方案): its model, its rules, and how a file becomes the model. It reads no form."""
