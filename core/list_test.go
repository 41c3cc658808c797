package core

import (
	"math/rand/v2"
	"slices"
	"testing"
)

type listed struct {
	n    int
	link Link[listed]
}

// Whatever is done to a list is done to a slice, too.
func TestListIsASlice(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var list List[listed]
	var want []*listed
	members := make([]listed, 12)
	for step := range 5000 {
		m := &members[random.IntN(len(members))]
		m.n = step
		if at := slices.Index(want, m); at >= 0 {
			want = slices.Delete(want, at, at+1)
			if !list.Has(&m.link) || !list.Remove(&m.link) {
				t.Fatal("a member was not in")
			}
		} else {
			if list.Has(&m.link) || list.Remove(&m.link) {
				t.Fatal("what is no member was in")
			}
			if random.IntN(2) == 0 {
				want = append(want, m)
				list.Push(&m.link, m)
			} else {
				want = slices.Insert(want, 0, m)
				list.PushFirst(&m.link, m)
			}
		}
		back := slices.Clone(want)
		slices.Reverse(back)
		var backward []*listed
		for m := list.Last(); m != nil; m = list.Before(&m.link) {
			if n := list.After(&m.link); len(backward) > 0 && n != backward[len(backward)-1] {
				t.Fatal("what comes after is not what it comes before")
			}
			backward = append(backward, m)
		}
		if !slices.Equal(slices.Collect(list.All), want) || !slices.Equal(backward, back) || list.Len() != len(want) {
			t.Fatalf("after %d steps the list is another one", step+1)
		}
		var first, last *listed
		if len(want) > 0 {
			first, last = want[0], want[len(want)-1]
		}
		if list.First() != first || list.Last() != last {
			t.Fatal("the ends are wrong")
		}
	}
}

func TestListOfItsOwnMembersOnly(t *testing.T) {
	var one, two List[listed]
	var m listed
	one.Push(&m.link, &m)
	if two.Has(&m.link) || two.Remove(&m.link) {
		t.Error("a member of one list is in another")
	}
	defer func() {
		if recover() == nil {
			t.Error("a member of one list was added to another")
		}
	}()
	two.Push(&m.link, &m)
}
