// http.METHODS is complete and in order.
// versions: v1.6-
log('methods', http.METHODS)
done()
