// http.STATUS_CODES is complete.
log('codes', http.STATUS_CODES)
done()
