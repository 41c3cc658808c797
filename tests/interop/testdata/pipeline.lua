-- Sends the request that wrk was told of 16 times in one piece.
init = function(args)
  local one = wrk.format(nil, wrk.path)
  local all = {}
  for i = 1, 16 do all[i] = one end
  request_bytes = table.concat(all)
end

request = function()
  return request_bytes
end
