// http.METHODS is complete and in order.
// versions: v13.14 v19.0
log('methods', http.METHODS)
done()
