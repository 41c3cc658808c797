// validateHeaderName and validateHeaderValue, of their documents.
// versions: v19.0-
attempt('name', function() { http.validateHeaderName('') })
attempt('name', function() { http.validateHeaderName('x-a') })
attempt('value', function() { http.validateHeaderValue('x-my-header', 'o\u02ca\u0305') })
attempt('value', function() { http.validateHeaderValue('x-my-header', 'good') })
done()
