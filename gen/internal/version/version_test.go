package version

import "testing"

func parse(t *testing.T, s string) Version {
	t.Helper()
	v, err := Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestParseTakesEverySpelling(t *testing.T) {
	for in, want := range map[string]string{
		"v19.0.0": "v19.0.0", "19.0.0": "v19.0.0", "v19.0": "v19.0", "v19": "v19", "0.8": "v0.8",
	} {
		if got := parse(t, in).String(); got != want {
			t.Errorf("Parse(%q) = %s, want %s", in, got, want)
		}
	}
	for _, in := range []string{"", "v", "v1.", "v1.2.3.4", "one", "v1.x", "v-1.0.0", "v01.0.0", "v1.0.0-rc1", "vv1"} {
		if v, err := Parse(in); err == nil {
			t.Errorf("Parse(%q) = %s, want an error", in, v)
		}
	}
}

func TestReachedFollowsBackports(t *testing.T) {
	set := Set{parse(t, "v13.8.0"), parse(t, "v12.15.0"), parse(t, "v10.19.0")}
	for in, want := range map[string]bool{
		"v10.18.9": false, "v10.19.0": true, "v10": true, "v11.99.0": false, "v12.14.9": false,
		"v12.15.1": true, "v13.7.9": false, "v13.8.0": true, "v19.0": true, "v0.8": false,
	} {
		if got := set.Reached(parse(t, in)); got != want {
			t.Errorf("Reached(%s) = %v, want %v", in, got, want)
		}
	}
	if got := (Set{parse(t, "v0.11.8")}).Reached(parse(t, "v0.12.0")); !got {
		t.Error("v0.12.0 lacks what came in v0.11.8")
	}
	if got := (Set{}).Reached(parse(t, "v19")); got {
		t.Error("the empty set was reached")
	}
}

func TestWithin(t *testing.T) {
	if !parse(t, "v19.0.0").Within(parse(t, "v19")) || parse(t, "v19.0.0").Within(parse(t, "v18")) {
		t.Error("Within does not treat an unwritten part as any")
	}
}
