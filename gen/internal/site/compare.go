package site

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"nodehttp/gen/internal/diff"
	"nodehttp/gen/internal/resolve"
)

// slot is what changes are told of: a member, a class, a status code.
type slot struct{ group, of, name string }

// story is what a comparison tells of a slot, whatever two releases are compared. The
// states fall into classes that the slot does not tell apart.
type story struct {
	slot
	// class is the class of each state.
	class []int
	// told has the changes for the classes of the two states, if there are any.
	told map[[2]int][]diff.Change
}

// comparisons answers what changed between any two states. All pairs would take
// minutes; but what is told of a slot depends on its own past alone. So a slot
// is looked at once for each two of its classes.
type comparisons struct {
	diff.Comparer
	apis   []*resolve.API
	known  map[[2]int]map[slot][]diff.Change
	groups []string
}

func newComparisons(apis []*resolve.API) *comparisons {
	return &comparisons{apis: apis, known: map[[2]int]map[slot][]diff.Change{}}
}

// between compares two states.
func (c *comparisons) between(from, to int) map[slot][]diff.Change {
	pair := [2]int{from, to}
	if told, done := c.known[pair]; done {
		return told
	}
	told := map[slot][]diff.Change{}
	for _, g := range c.Compare(c.apis[from], c.apis[to]).Groups {
		if !slices.Contains(c.groups, g.Name) {
			c.groups = append(c.groups, g.Name)
		}
		for _, change := range g.Changes {
			s := slot{g.Name, change.Of, change.Name}
			told[s] = append(told[s], change)
		}
	}
	c.known[pair] = told
	return told
}

// stories returns what is told of every slot, in an order that is always the same.
func (c *comparisons) stories() []story {
	last := len(c.apis) - 1
	c.between(0, last) // which names most groups, in their usual order
	c.between(last, 0)
	edges := map[slot]map[int]bool{}
	for i := range last {
		for _, told := range []map[slot][]diff.Change{c.between(i, i+1), c.between(i+1, i)} {
			for s := range told {
				if edges[s] == nil {
					edges[s] = map[int]bool{}
				}
				edges[s][i+1] = true
			}
		}
	}
	c.spread(edges)
	slots := make([]slot, 0, len(edges))
	for s := range edges {
		slots = append(slots, s)
	}
	slices.SortFunc(slots, func(a, b slot) int {
		return cmp.Or(cmp.Compare(slices.Index(c.groups, a.group), slices.Index(c.groups, b.group)),
			cmp.Compare(a.of, b.of), cmp.Compare(a.name, b.name))
	})
	// Slots with many classes need many pairs, which then serve the others.
	byEdges := slices.SortedStableFunc(slices.Values(slots), func(a, b slot) int { return cmp.Compare(len(edges[b]), len(edges[a])) })
	stories := map[slot]story{}
	for _, s := range byEdges {
		stories[s] = c.story(s, edges[s])
	}
	list := make([]story, len(slots))
	for i, s := range slots {
		list[i] = stories[s]
	}
	return list
}

// spread gives slots the edges of others on which they depend: the releases that
// made a change are told; what an heir has from its class is told of the class alone;
// members are compared only where both releases have the class, and the
// values that an object was made with where both have the object; whether Go can
// compare a struct depends on its fields; and a symbol of Go is told of by itself
// where nothing else tells of it.
func (c *comparisons) spread(edges map[slot]map[int]bool) {
	union := func(to map[int]bool, from map[int]bool) {
		for i := range from {
			to[i] = true
		}
	}
	type name struct{ of, name string }
	shared, classes, fields := map[name]map[int]bool{}, map[string]map[int]bool{"Go": {}}, map[string]map[int]bool{}
	for s, at := range edges {
		union(at, c.arrivals(s))
	}
	for s, at := range edges {
		if shared[name{s.of, s.name}] == nil {
			shared[name{s.of, s.name}] = map[int]bool{}
		}
		if classes[s.group] == nil {
			classes[s.group], fields[s.group] = map[int]bool{}, map[int]bool{}
		}
		union(shared[name{s.of, s.name}], at)
		switch s.of {
		case "class", "options":
			union(classes[s.group], at)
			union(classes["Go"], at)
		case "option":
			union(fields[s.group], at)
		}
	}
	for s, at := range edges {
		union(at, shared[name{s.of, s.name}])
		union(at, classes[s.group])
		if s.of == "options" {
			union(at, fields[s.group])
		}
		if object, _, found := strings.Cut(s.name, "."); found && s.of == "option" {
			union(at, shared[name{string(resolve.KindConstant), object}])
		}
	}
	for _, told := range c.known {
		for s, changes := range told {
			for _, change := range changes {
				for _, b := range change.Go {
					symbol := slot{"Go", "symbol", b.Symbol}
					if edges[symbol] == nil {
						edges[symbol] = map[int]bool{}
					}
					if s != symbol {
						union(edges[symbol], edges[s])
					}
				}
			}
		}
	}
}

// arrivals are the edges at which the releases that are told of a slot were reached.
func (c *comparisons) arrivals(s slot) map[int]bool {
	edges := map[int]bool{}
	for _, told := range c.known {
		for _, change := range told[s] {
			set := setOf(change.In)
			for i := 1; i < len(c.apis) && len(set) > 0; i++ {
				if set.Reached(c.apis[i].Version) != set.Reached(c.apis[i-1].Version) {
					edges[i] = true
				}
			}
		}
	}
	return edges
}

// story compares one state of each class with one of each other.
func (c *comparisons) story(s slot, edges map[int]bool) story {
	n := len(c.apis)
	var starts []int
	for i := range n {
		if i == 0 || edges[i] {
			starts = append(starts, i)
		}
	}
	end := func(class int) int {
		if class+1 < len(starts) {
			return starts[class+1]
		}
		return n
	}
	st := story{slot: s, class: make([]int, n), told: map[[2]int][]diff.Change{}}
	for class, start := range starts {
		for i := start; i < end(class); i++ {
			st.class[i] = class
		}
	}
	for a := range starts {
		for b := range starts {
			if a == b {
				continue
			}
			if told := c.representative(starts[a], end(a), starts[b], end(b))[s]; told != nil {
				st.told[[2]int{a, b}] = told
			}
		}
	}
	return st
}

// representative compares a state of one range with a state of another, two that have
// been compared already if there are such.
func (c *comparisons) representative(from, fromEnd, to, toEnd int) map[slot][]diff.Change {
	for i := from; i < fromEnd; i++ {
		for j := to; j < toEnd; j++ {
			if told, done := c.known[[2]int{i, j}]; done {
				return told
			}
		}
	}
	return c.between(roundest(from, fromEnd), roundest(to, toEnd))
}

// roundest is the number of a range that the highest power of two divides: ranges that
// overlap often share it.
func roundest(from, end int) int {
	best := from
	for i := from + 1; i < end; i++ {
		if bits.TrailingZeros(uint(i)) > bits.TrailingZeros(uint(best)) && best != 0 {
			best = i
		}
	}
	return best
}
