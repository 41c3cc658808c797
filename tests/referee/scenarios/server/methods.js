// http.METHODS is complete and in order.
// versions: v1.6 v13.14 v19.0
log('methods', http.METHODS)
done()
