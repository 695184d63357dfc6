"""文件存储: what people hand in, kept once under the digest of its content, and never taken on trust."""
