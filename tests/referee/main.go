package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
)

func main() {
	only := flag.String("only", "", "only scenarios whose name contains `text`")
	missing := flag.Bool("missing", false, "record only what no Node has been asked yet, as a new version")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: referee [-only text] [-missing] record | accept | report | show | uses")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.Arg(0) == workCommand {
		exit(work(os.Stdin, os.Stdout))
	}
	scenarios, err := loadScenarios(*only)
	if err == nil {
		switch flag.Arg(0) {
		case "record":
			err = record(scenarios, *missing)
		case "accept":
			err = accept(scenarios)
		case "report":
			err = report(scenarios)
		case "show":
			err = show(scenarios)
		case "uses":
			err = printUses(scenarios)
		default:
			flag.Usage()
			os.Exit(2)
		}
	}
	exit(err)
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "referee:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// record runs scenarios on the Nodes and writes what they did. What nodehttp does
// instead stays as it was recorded, and so does, if only what is missing is asked for, what
// the Node of a version has said of a scenario that is still the same.
func record(scenarios []*scenario, missing bool) error {
	paths, err := nodes()
	if err != nil {
		return err
	}
	var (
		group sync.WaitGroup
		turn  = make(chan struct{}, 4)
		mu    sync.Mutex // guards failures
		fails []string
	)
	for _, sc := range scenarios {
		group.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			r := &recording{Scenario: sc.hash()}
			old, err := loadRecording(sc)
			if err != nil {
				old = new(recording)
			}
			r.Ours = old.Ours
			for _, v := range sc.versions {
				o, known := find(old.Runs, v)
				var err error
				if !missing || !known || old.Scenario != r.Scenario {
					o, err = runNodeTwice(v, paths[v.node], sc)
				}
				if err != nil {
					mu.Lock()
					fails = append(fails, err.Error())
					mu.Unlock()
					return
				}
				r.Runs = add(r.Runs, v, v.node, o)
			}
			if err := r.save(sc); err != nil {
				mu.Lock()
				fails = append(fails, err.Error())
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if fails != nil {
		return fmt.Errorf("%s", strings.Join(fails, "\n"))
	}
	return nil
}

// accept records what nodehttp does in the scenarios that are listed as deviations.
func accept(scenarios []*scenario) error {
	listed, err := loadDeviations()
	if err != nil {
		return err
	}
	for _, sc := range scenarios {
		r, err := loadRecording(sc)
		if err != nil {
			return err
		}
		before := len(r.Ours)
		r.Ours = nil
		for _, v := range sc.versions {
			if _, ok := listed[key{sc.name, v.name}]; !ok {
				continue
			}
			o, err := runOurs(v, sc)
			if err != nil {
				return err
			}
			r.Ours = add(r.Ours, v, "", o)
		}
		if before+len(r.Ours) > 0 {
			if err := r.save(sc); err != nil {
				return err
			}
		}
	}
	return nil
}

// show prints what nodehttp does.
func show(scenarios []*scenario) error {
	for _, sc := range scenarios {
		for _, v := range sc.versions {
			o, err := runOurs(v, sc)
			if err != nil {
				return err
			}
			fmt.Printf("%s %s\n\t%s\n", sc.name, v.name, o)
		}
	}
	return nil
}

// printUses prints which members each scenario uses: a line for each scenario and
// version, with the members behind a colon.
func printUses(scenarios []*scenario) error {
	var (
		all   = newWorkers()
		group sync.WaitGroup
		mu    sync.Mutex // guards lines
		lines []string
	)
	for _, sc := range scenarios {
		for _, v := range sc.versions {
			group.Go(func() {
				used := strings.Join(all.run(v, sc).Uses, " ")
				mu.Lock()
				defer mu.Unlock()
				lines = append(lines, sc.name+" "+v.name+": "+used+"\n")
			})
		}
	}
	group.Wait()
	slices.Sort(lines)
	fmt.Print(strings.Join(lines, ""))
	return all.close()
}

// report prints a line for each version, and what disagrees, which is an error.
func report(scenarios []*scenario) error {
	type tally struct{ all, agree, deviate, disagree int }
	var (
		all    = newWorkers()
		group  sync.WaitGroup
		mu     sync.Mutex // guards what follows, and orders what is printed
		totals = map[string]*tally{}
		sum    int
	)
	for _, sc := range scenarios {
		for _, v := range sc.versions {
			group.Go(func() {
				verdict, detail := all.judge(v, sc)
				mu.Lock()
				defer mu.Unlock()
				t := totals[v.name]
				if t == nil {
					t = new(tally)
					totals[v.name] = t
				}
				t.all++
				switch verdict {
				case agrees:
					t.agree++
				case deviates:
					t.deviate++
				default:
					t.disagree++
					sum++
					fmt.Printf("%s %s: %s\n", sc.name, v.name, detail)
				}
			})
		}
	}
	group.Wait()
	if err := all.close(); err != nil {
		return err
	}
	for _, v := range versions {
		if t := totals[v.name]; t != nil {
			fmt.Printf("%-6s  Node %-8s %4d scenarios %4d agreeing %4d deviations %4d disagreeing\n",
				v.name, v.node, t.all, t.agree, t.deviate, t.disagree)
		}
	}
	if sum > 0 {
		return fmt.Errorf("%d runs disagree", sum)
	}
	return nil
}
