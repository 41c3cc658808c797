package check

import (
	"slices"

	"nodehttp/gen/internal/version"
)

// dates checks that the model says how it knows each of its dates: a document of the
// module has it, or the date says what else.
func (c *checker) dates() {
	for _, date := range c.spec.Dates() {
		stated := c.spec.Stated(date.Of)
		for _, v := range date.In {
			switch told := slices.Contains(stated, v.Value); {
			case v.Value == version.Version{} || !v.Value.Full() || !c.spec.Released(v.Value): // which is reported elsewhere
			case !told && v.By == "":
				c.errs.Addf(v.Pos, "no document tells %s of %s: say how it is known, %[1]s live, elsewhere or guess", v.Value, date.Of.Name)
			case told && v.By != "":
				c.errs.Addf(v.Pos, "a document tells %s of %s: say nothing behind it", v.Value, date.Of.Name)
			}
		}
	}
}

// tells checks the dates of the documents.
func (c *checker) tells() {
	for _, index := range c.spec.Indexes {
		for _, owner := range index.Value.Dates {
			for _, name := range *owner.Value {
				for _, v := range *name.Value {
					document := c.spec.Documents.Get(index.Name)
					switch {
					case v.By != "":
						c.errs.Addf(v.Pos, "what a document tells has nothing behind it")
					case !c.spec.Released(v.Value):
						c.errs.Addf(v.Pos, "there is no release %s", v.Value)
					case document != nil && v.Value.Compare(document.Node.Value) > 0:
						c.errs.Addf(v.Pos, "the document is of %s, and so cannot tell %s", document.Node.Value, v.Value)
					}
				}
				if c.spec.Shown(owner.Name, name.Name) == nil {
					c.errs.Addf(name.Pos, "the model has no %s of %s", name.Name, owner.Name)
				}
			}
		}
	}
}
