// The longest head that a server or client takes unless it is told otherwise.
// versions: v13.14-
log('maxHeaderSize', http.maxHeaderSize)
done()
