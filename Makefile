# The commands of nodehttp. `make run` shows it at work, `make test` tests it.

GO         ?= go
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
SECONDS    ?= 4
FUZZTIME   ?= 30s
SOAKTIME   ?= 1m
# Of the tests of one package: far beyond what a busy machine needs.
TIMEOUT    ?= 30m

.PHONY: run test test-race-build test-library test-behaviour test-behaviour-rest test-referee test-gen test-nested generate check list diff site site-test module lint fuzz soak bench interop referee probe referee-fuzz

# Regenerates from spec/, then serves and calls over real sockets.
run: generate
	$(GO) run ./tests/demo

# Everything that must hold before a change lands. Four parts at a time, the longest
# first, since most tests wait more than they compute; what a part prints stands together.
test: lint test-race-build
	@$(MAKE) --no-print-directory -j4 --output-sync=target test-behaviour test-behaviour-rest test-referee test-gen test-library test-nested

test-race-build: # once, and not by each part for itself
	$(GO) build -race ./core/... ./generated/... ./runtime/... ./tests/scene

test-library:
	$(GO) test -race -timeout $(TIMEOUT) $$($(GO) list ./core/... ./generated/... ./runtime/... ./tests/... | grep -v '/tests/behaviour$$')

# A test of tests/behaviour looks for what it has left in its process, so that the tests
# of one process run one after another. Two processes have one half each.
HALF := ^Test[A-L]

test-behaviour:
	$(GO) test -race -timeout $(TIMEOUT) -run '$(HALF)' ./tests/behaviour

test-behaviour-rest:
	$(GO) test -race -timeout $(TIMEOUT) -skip '$(HALF)' ./tests/behaviour

test-referee:
	cd tests/referee && $(GO) vet ./... && $(GO) test -race -count 1 -timeout $(TIMEOUT) ./...

test-gen: # it has no goroutines, and takes five times as long with the detector
	$(GO) test -timeout $(TIMEOUT) ./gen/...

test-nested:
	cd tests/bench && $(GO) vet ./... && $(GO) test -timeout $(TIMEOUT) ./...
	cd tests/adapters && $(GO) vet ./... && $(GO) test -race -timeout $(TIMEOUT) ./...
	cd tests/examples && $(GO) vet ./... && $(GO) test -race -timeout $(TIMEOUT) ./...
	cd tests/nettest && $(GO) vet ./... && $(GO) test -race -timeout $(TIMEOUT) ./...
	cd tests/apidiff && $(GO) vet ./... && $(GO) test -count 1 -timeout $(TIMEOUT) ./...
	cd tests/site && $(GO) vet ./... # make site-test runs it

# Writes generated/ from spec/, and the schemas: of spec/, for editors, and of what list and diff print as JSON.
generate:
	$(GO) run ./gen generate
	@for of in "" list diff; do \
		file=spec/$${of:+$$of.}schema.json; \
		$(GO) run ./gen schema $$of > $$file.new && mv $$file.new $$file || { rm -f $$file.new; exit 1; }; \
	done

# Validates spec/ without writing.
check:
	$(GO) run ./gen check

# Prints the members of a version: make list AT=v10.19.0 FORMAT=json
list:
	@$(GO) run ./gen list $(if $(AT),-at $(AT)) $(if $(FORMAT),-format $(FORMAT))

# Prints what changed: make diff FROM=v0.8 TO=v19.0 FORMAT=markdown BREAKING=1, or FORMAT=html for a page
diff:
	@gen=$$(mktemp) && $(GO) build -o $$gen ./gen && { $$gen diff $(if $(FORMAT),-format $(FORMAT)) \
		$(if $(BREAKING),-breaking) $(FROM) $(TO); status=$$?; rm -f $$gen; test $$status -lt 2; }

# Writes the model as pages to look at, and prints which one to open in a browser: make site DIR=/tmp/pages
site:
	@uses=$$(mktemp) && trap 'rm -f "$$uses"' EXIT && (cd tests/referee && $(GO) run . uses) > "$$uses" && \
		$(GO) run ./gen site -uses "$$uses" "$(or $(DIR),$(or $(TMPDIR),/tmp)/nodehttp-site)"

# Gives the repository another module path, for who publishes it: make module MODULE=example.org/you/nodehttp
module:
	@test -n "$(MODULE)" || { echo 'make module MODULE=example.org/you/nodehttp'; exit 2; }
	$(GO) run ./gen module "$(MODULE)"
	$(GO) run ./gen generate

lint: check
	$(GO) mod download
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "gofmt: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) vet -tags interop,soak ./tests/...
	STATICCHECK_CACHE="$${STATICCHECK_CACHE:-$$($(GO) env GOCACHE)/staticcheck}" \
		$(GO) run $(STATICCHECK) -checks inherit,-ST1011 ./... # keepAliveMsecs keeps Node's name

# Runs each fuzz target for FUZZTIME.
fuzz:
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "== $$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x $$package || exit 1; \
		done; \
	done

# Does for minutes what the tests do for moments: make soak SOAKTIME=5m
soak:
	SOAKTIME=$(SOAKTIME) $(GO) test -tags soak -count 1 -v -timeout 30m ./tests/soak
	$(GO) test -tags soak -count 1 -timeout 30m -run 'WithinACall|DoNotReturn' ./tests/versions

# Compares with the peers: make bench, make bench JSON=1, make bench ONLY=server.keepalive
bench:
	@cd tests/bench && $(GO) run . -seconds $(SECONDS) $(if $(ONLY),-only $(ONLY)) $(if $(JSON),-json)

# Talks to curl, ab, wrk and real Node, which it installs.
interop:
	@tools=$$(sh tests/interop/setup.sh) && eval "$$tools" && $(GO) test -tags interop -count 1 -v ./tests/interop

# Reads the pages of make site in Chromium, which it installs. PICTURE=1 takes the picture of the README anew.
site-test:
	@NODEHTTP_CHROMIUM=$$(sh tests/site/setup.sh) && export NODEHTTP_CHROMIUM && cd tests/site && \
		$(GO) vet . && $(GO) test -count 1 -v . $(if $(PICTURE),-picture members.png)

# Records what real Nodes do in the scenarios of tests/referee and reports where
# nodehttp agrees: make referee, make referee ONLY=agent/; with MISSING=1 it asks only
# those that have not been asked, such as that of a new version
referee:
	@nodes=$$($(GO) run ./gen versions -nodes) && NODEHTTP_NODES=$$(sh tests/nodes.sh $$nodes) && export NODEHTTP_NODES && cd tests/referee && \
		{ $(GO) run . -only "$(ONLY)" $(if $(MISSING),-missing) record; recorded=$$?; $(GO) run . -only "$(ONLY)" report && exit $$recorded; }

# Asks the Nodes that npm has what their http module is like, records it, and reports where
# the model disagrees. It fetches some 250 of them, 24 GB in all, once.
probe:
	$(GO) run ./gen probe -record

# Compares random bytes with real Node 19, which it fetches: make referee-fuzz ONLY=responses SEED=1 INSECURE=1
referee-fuzz:
	@node=$$(sh tests/nodes.sh 19.0.0) && cd tests/referee && $(GO) run ./fuzz -node "$${node#* }" -time $(FUZZTIME) \
		$(if $(ONLY),-only $(ONLY)) $(if $(SEED),-seed $(SEED)) $(if $(INSECURE),-insecure) $(if $(CORPUS),-corpus $(abspath $(CORPUS)))
