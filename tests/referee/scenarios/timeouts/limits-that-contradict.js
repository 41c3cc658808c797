// A head may not take longer than a request.
// versions: v19.0-
attempt('both', function() { http.createServer({headersTimeout: 100, requestTimeout: 50}); return 'ok' })
attempt('no limit', function() { http.createServer({headersTimeout: 100, requestTimeout: 0}); return 'ok' })
done()
