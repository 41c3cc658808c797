package main

import (
	"bytes"
	"encoding/json"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test binary play the roles for which the command starts
// itself again. Children have no reason to sleep before they exit, as the race
// detector makes them.
func TestMain(m *testing.M) {
	if slices.ContainsFunc(os.Args, func(a string) bool { return strings.HasPrefix(a, "-role=") }) {
		main()
	}
	os.Setenv("GORACE", "atexit_sleep_ms=0")
	os.Exit(m.Run())
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{nil, 0},
		{[]float64{7}, 7},
		{[]float64{9, 1, 5}, 5},
		{[]float64{4, 1, 3, 2}, 2.5},
	} {
		before := slices.Clone(c.values)
		if got := median(c.values); got != c.want {
			t.Errorf("median(%v) = %v, want %v", c.values, got, c.want)
		}
		if !slices.Equal(before, c.values) {
			t.Errorf("median changed %v to %v", before, c.values)
		}
	}
}

func TestRatio(t *testing.T) {
	for _, c := range []struct {
		unit             string
		ours, peer, want float64
	}{
		{perSecond, 200, 100, 2},
		{perSecond, 50, 100, 0.5},
		{perSecond, 50, 0, 50},
		{nanosPer, 200, 800, 4},
		{nanosPer, 800, 200, 0.25},
		{allocsPer, 3, 18, 6},
		{allocsPer, 0, 0, 1},
		{allocsPer, 0.002, 0.0001, 1},
		{allocsPer, 0, 2, 200},
		{allocsPer, 2, 0, 0.005},
	} {
		if got := ratio(c.unit, c.ours, c.peer); got != c.want {
			t.Errorf("ratio(%s, %v, %v) = %v, want %v", c.unit, c.ours, c.peer, got, c.want)
		}
	}
}

func TestSummarizePairsNeighbours(t *testing.T) {
	f := &figure{Name: "x", Unit: perSecond}
	ours := []sample{{Value: 10, Also: 1, Busy: 0.99}, {Value: 100, Also: 3, Busy: 0.98}, {Value: 20, Also: 2, Busy: 1}}
	peers := []sample{{Value: 5, Also: 4, Busy: 0.99}, {Value: 50, Also: 4, Busy: 0.98}, {Value: 5, Also: 4, Busy: 1}}
	for range 3 { // rounds that neighbours spoilt for one side or the other
		ours, peers = append(ours, sample{Value: 1, Busy: 0.1}), append(peers, sample{Value: 50, Busy: 1})
	}
	r := summarize(f, ours, peers)
	if r.ours.Value != 20 || r.peers.Value != 5 || r.ours.Also != 2 || r.peers.Also != 4 || r.ours.Busy != 0.99 {
		t.Errorf("medians are %+v and %+v", r.ours, r.peers)
	}
	if r.ratio != 2 || r.low != 2 || r.high != 4 {
		t.Errorf("ratio is %v (%v to %v), want 2 (2 to 4)", r.ratio, r.low, r.high)
	}
}

// fixed is a contestant that notes whose turn it was.
type fixed struct {
	name  string
	value float64
	turns *[]string
}

func (f fixed) Measure(time.Duration) (sample, error) {
	*f.turns = append(*f.turns, f.name)
	return sample{Value: f.value, Busy: 1}, nil
}

func (f fixed) Close() {}

func TestCompareAlternates(t *testing.T) {
	var turns []string
	values := map[string]float64{"ours": 10, "peer": 30}
	r, err := compare(&figure{Unit: nanosPer, Open: func(name string) (contestant, error) {
		return fixed{name, values[name], &turns}, nil
	}}, "peer", time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if r.ours.Value != 10 || r.peers.Value != 30 || r.ratio != 3 {
		t.Errorf("sides are mixed up: %+v", r)
	}
	if want := 2 * (rounds + starts); len(turns) != want {
		t.Errorf("%d turns, want %d", len(turns), want)
	}
	for i := 0; i < len(turns); i += 2 {
		if turns[i] == turns[i+1] {
			t.Errorf("round %d measured %s twice", i/2, turns[i])
		}
	}
}

func TestJSONLines(t *testing.T) {
	var out bytes.Buffer
	jsonLines{&out}.add(row{
		figure: &figure{Name: "server.keepalive", Unit: perSecond},
		peer:   "fasthttp", ours: sample{Value: 100.12345}, peers: sample{Value: 50}, ratio: 2.00247, low: 1.9, high: 2.1,
	})
	const want = `{"name":"server.keepalive","peer":"fasthttp","ours":100.123,"peer_value":50,"unit":"req/s","ratio":2.002,"low":1.9,"high":2.1}` + "\n"
	if out.String() != want {
		t.Errorf("got %s, want %s", out.String(), want)
	}
}

func TestChoose(t *testing.T) {
	if all, err := choose(""); err != nil || len(all) != len(figures) {
		t.Errorf("no name chooses %d figures, %v", len(all), err)
	}
	for _, f := range figures {
		if one, err := choose(f.Name); err != nil || len(one) != 1 || one[0].Name != f.Name {
			t.Errorf("%s chooses %v, %v", f.Name, one, err)
		}
	}
	if _, err := choose("server"); err == nil {
		t.Error("a name of no figure is accepted")
	}
}

func TestCommandLineErrors(t *testing.T) {
	for _, args := range [][]string{{"-only", "x"}, {"-seconds", "0"}, {"-unknown"}, {"word"}, {"-role", "x"}} {
		var out, errors bytes.Buffer
		if status := run(args, &out, &errors); status != 2 || out.Len() > 0 {
			t.Errorf("%q: status %d, output %q, want 2 and none", args, status, out.String())
		}
	}
}

func TestCheckResponse(t *testing.T) {
	for i := range len(constantReply) {
		if err := checkResponse([]byte(constantReply[:i])); err != errShort {
			t.Fatalf("the first %d bytes of a response: %v", i, err)
		}
	}
	if err := checkResponse([]byte(constantReply)); err != nil {
		t.Errorf("the constant reply: %v", err)
	}
	for name, wrong := range map[string]string{
		"status":      strings.Replace(constantReply, "200 OK", "404 Not Found", 1),
		"body":        strings.Replace(constantReply, "World", "Earth", 1),
		"more":        constantReply + "x",
		"until close": "HTTP/1.1 200 OK\r\n\r\n" + body,
		"no HTTP":     "hello\r\n\r\n",
	} {
		if err := checkResponse([]byte(wrong)); err == nil || err == errShort {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHeadEnds(t *testing.T) {
	const data = "GET / HTTP/1.1\r\na: b\r\n\r\nGET / HTTP/1.1\r\r\n\r\n\r\n\r\n"
	whole, _ := headEnds([]byte(data), 0)
	if want := strings.Count(data, headEnd); whole != want {
		t.Errorf("%d heads, want %d", whole, want)
	}
	for i := range len(data) {
		first, matched := headEnds([]byte(data[:i]), 0)
		second, _ := headEnds([]byte(data[i:]), matched)
		if first+second != whole {
			t.Errorf("split at %d: %d heads, want %d", i, first+second, whole)
		}
	}
}

func TestBrowserRequest(t *testing.T) {
	if len(browserRequest) != 703 {
		t.Errorf("%d bytes, want 703", len(browserRequest))
	}
	if fields := strings.Count(browserRequest, "\r\n") - 2; fields != 9 {
		t.Errorf("%d header fields, want 9", fields)
	}
}

// TestContestants measures each contestant of each figure for a moment: that
// it starts, answers rightly under load, and ends. Sizes are such that a moment is enough.
func TestContestants(t *testing.T) {
	shrink(t, &transferSize, 64)
	shrink(t, &idleConns, 2000)
	shrink(t, &crowd, 1000)
	shrink(t, &tlsIdleConns, 300)
	shrink(t, &tlsSize, 1)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, f := range figures {
		for _, peer := range append([]string{"ours"}, f.Peers...) {
			c, err := f.Open(peer)
			if isMissing(err) {
				t.Logf("%s: %s: %v", f.Name, peer, err)
				continue
			}
			if err != nil {
				t.Errorf("%s: %s: %v", f.Name, peer, err)
				continue
			}
			s, err := c.Measure(time.Millisecond)
			if err != nil || s.Value < 0 || s.Value == 0 && f.Unit != allocsPer {
				t.Errorf("%s: %s: %+v, %v", f.Name, peer, s, err)
			}
			c.Close()
		}
	}
}

// shrink sets a figure's size for the time of the test.
func shrink[T any](t *testing.T, size *T, to T) {
	before := *size
	*size = to
	t.Cleanup(func() { *size = before })
}

// TestLoadRejects has the load generator meet servers that answer wrongly.
func TestLoadRejects(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	_, other := cores()
	load, err := startRole(other, "load", "", "")
	if err != nil {
		t.Fatal(err)
	}
	defer load.close()
	for name, script := range wrongServers {
		address := serveScript(t, script)
		_, err := load.ask(0, "open "+address+" 1 1")
		if err == nil {
			_, err = drive(load, load, time.Millisecond)
		}
		if err == nil {
			t.Errorf("%s: the load generator did not notice", name)
		}
	}
}

// TestReportsAgree runs the command itself, for a table and for JSON.
func TestReportsAgree(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var table, lines, errors bytes.Buffer
	for out, args := range map[*bytes.Buffer][]string{
		&table: {"-only", "parse.request", "-seconds", "0.01"},
		&lines: {"-only", "parse.request", "-seconds", "0.01", "-json"},
	} {
		if status := run(args, out, &errors); status != 0 {
			t.Fatalf("%q: status %d: %s", args, status, errors.String())
		}
	}
	decoder := json.NewDecoder(&lines)
	for _, peer := range parseRequest.Peers {
		var r struct {
			Name, Peer, Unit string
			Ours, Ratio      float64
			Peers            float64 `json:"peer_value"`
		}
		if err := decoder.Decode(&r); err != nil {
			t.Fatal(err)
		}
		if r.Name != "parse.request" || r.Peer != peer || r.Unit != nanosPer || r.Ours <= 0 || r.Peers <= 0 || r.Ratio <= 0 {
			t.Errorf("%+v", r)
		}
		if !strings.Contains(table.String(), peer) {
			t.Errorf("the table lacks %s:\n%s", peer, table.String())
		}
	}
	if decoder.More() {
		t.Error("more lines than peers")
	}
}
