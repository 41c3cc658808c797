package main

// The interpreter of scenarios: ECMAScript 5 as far as they need it, evaluated on
// whatever goroutine calls a function, as a listener written in Go would be. It
// has no lock around calls, only around its variables.

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"
	"github.com/dop251/goja/token"
)

type (
	// undefined is JavaScript's; null is Go's nil.
	undefined struct{}
	// callable is a function, of the script or of the host.
	callable func(args ...any) any
	// list is an array.
	list struct {
		mu    sync.Mutex // guards items
		items []any
	}
	// object is what a literal makes. Its keys keep their order.
	object struct {
		mu     sync.Mutex // guards what follows
		keys   []string
		values map[string]any
	}
	// host is an object of Go's.
	host interface {
		get(name string) any
		set(name string, value any)
		identity() any
	}
	// thrown is what a script's panics carry.
	thrown struct{ err error }
	// returned is a value on its way out of a function.
	returned struct{ value any }
)

func (t thrown) Error() string { return t.err.Error() }
func (t thrown) Unwrap() error { return t.err }

func newObject() *object { return &object{values: map[string]any{}} }

func (o *object) get(name string) any {
	o.mu.Lock()
	defer o.mu.Unlock()
	if v, ok := o.values[name]; ok {
		return v
	}
	return undefined{}
}

func (o *object) set(name string, value any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, ok := o.values[name]; !ok {
		o.keys = append(o.keys, name)
	}
	o.values[name] = value
}

// all returns the keys in order, with a copy of the values.
func (o *object) all() (keys []string, values []any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, k := range o.keys {
		keys, values = append(keys, k), append(values, o.values[k])
	}
	return keys, values
}

func newList(items ...any) *list { return &list{items: items} }

func (l *list) all() []any {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.items)
}

// scope is a function's variables.
type scope struct {
	outer *scope
	mu    sync.Mutex // guards vars
	vars  map[string]any
}

func newScope(outer *scope) *scope { return &scope{outer: outer, vars: map[string]any{}} }

func (s *scope) declare(name string, value any) {
	s.mu.Lock()
	s.vars[name] = value
	s.mu.Unlock()
}

// holder returns the scope that has a variable.
func (s *scope) holder(name string) *scope {
	for ; s != nil; s = s.outer {
		s.mu.Lock()
		_, ok := s.vars[name]
		s.mu.Unlock()
		if ok {
			return s
		}
	}
	panic(fmt.Errorf("%s is not defined", name))
}

func (s *scope) get(name string) any {
	h := s.holder(name)
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.vars[name]
}

func (s *scope) set(name string, value any) {
	h := s.holder(name)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.vars[name] = value
}

// parse reads a script.
func parse(name, source string) (*ast.Program, error) {
	return parser.ParseFile(nil, name, source, 0)
}

// interpret evaluates a script with its globals.
func interpret(program *ast.Program, globals map[string]any) {
	s := newScope(nil)
	for name, value := range globals {
		s.declare(name, value)
	}
	s.block(program.Body)
}

// block runs statements in order; functions that they declare are known before.
func (s *scope) block(body []ast.Statement) *returned {
	for _, statement := range body {
		if d, ok := statement.(*ast.FunctionDeclaration); ok {
			s.declare(d.Function.Name.Name.String(), s.function(d.Function))
		}
	}
	for _, statement := range body {
		if r := s.statement(statement); r != nil {
			return r
		}
	}
	return nil
}

func (s *scope) statement(statement ast.Statement) *returned {
	switch n := statement.(type) {
	case *ast.ExpressionStatement:
		s.eval(n.Expression)
	case *ast.VariableStatement:
		for _, b := range n.List {
			var value any = undefined{}
			if b.Initializer != nil {
				value = s.eval(b.Initializer)
			}
			s.declare(b.Target.(*ast.Identifier).Name.String(), value)
		}
	case *ast.IfStatement:
		if truth(s.eval(n.Test)) {
			return s.statement(n.Consequent)
		} else if n.Alternate != nil {
			return s.statement(n.Alternate)
		}
	case *ast.WhileStatement:
		for truth(s.eval(n.Test)) {
			if r := s.statement(n.Body); r != nil {
				return r
			}
		}
	case *ast.ForStatement:
		if n.Initializer != nil {
			switch i := n.Initializer.(type) {
			case *ast.ForLoopInitializerVarDeclList:
				s.statement(&ast.VariableStatement{List: i.List})
			case *ast.ForLoopInitializerExpression:
				s.eval(i.Expression)
			}
		}
		for n.Test == nil || truth(s.eval(n.Test)) {
			if r := s.statement(n.Body); r != nil {
				return r
			}
			if n.Update != nil {
				s.eval(n.Update)
			}
		}
	case *ast.BlockStatement:
		return s.block(n.List)
	case *ast.ReturnStatement:
		if n.Argument == nil {
			return &returned{undefined{}}
		}
		return &returned{s.eval(n.Argument)}
	case *ast.FunctionDeclaration, *ast.EmptyStatement:
	default:
		panic(fmt.Errorf("scripts have no %T", statement))
	}
	return nil
}

func (s *scope) function(f *ast.FunctionLiteral) callable {
	if f.Name != nil { // known to itself
		s = newScope(s)
	}
	made := func(args ...any) any {
		inner := newScope(s)
		for i, p := range f.ParameterList.List {
			var value any = undefined{}
			if i < len(args) {
				value = args[i]
			}
			inner.declare(p.Target.(*ast.Identifier).Name.String(), value)
		}
		if r := inner.block(f.Body.List); r != nil {
			return r.value
		}
		return undefined{}
	}
	if f.Name != nil {
		s.declare(f.Name.Name.String(), callable(made))
	}
	return made
}

func (s *scope) evalAll(list []ast.Expression) []any {
	values := make([]any, len(list))
	for i, e := range list {
		values[i] = s.eval(e)
	}
	return values
}

func (s *scope) eval(e ast.Expression) any {
	switch n := e.(type) {
	case *ast.Identifier:
		if n.Name == "undefined" {
			return undefined{}
		}
		return s.get(n.Name.String())
	case *ast.StringLiteral:
		return n.Value.String()
	case *ast.NumberLiteral:
		return number(n.Value)
	case *ast.BooleanLiteral:
		return n.Value
	case *ast.NullLiteral:
		return nil
	case *ast.ArrayLiteral:
		return newList(s.evalAll(n.Value)...)
	case *ast.ObjectLiteral:
		o := newObject()
		for _, p := range n.Value {
			keyed := p.(*ast.PropertyKeyed)
			o.set(text(s.eval(keyed.Key)), s.eval(keyed.Value))
		}
		return o
	case *ast.FunctionLiteral:
		return s.function(n)
	case *ast.DotExpression:
		return property(s.eval(n.Left), n.Identifier.Name.String())
	case *ast.BracketExpression:
		return property(s.eval(n.Left), text(s.eval(n.Member)))
	case *ast.CallExpression:
		return call(s.eval(n.Callee), describe(n.Callee), s.evalAll(n.ArgumentList))
	case *ast.NewExpression:
		return call(s.eval(n.Callee), describe(n.Callee), s.evalAll(n.ArgumentList))
	case *ast.AssignExpression:
		value := s.eval(n.Right)
		if n.Operator != token.ASSIGN {
			value = binary(n.Operator, s.eval(n.Left), value)
		}
		s.assign(n.Left, value)
		return value
	case *ast.UnaryExpression:
		return s.unary(n)
	case *ast.BinaryExpression:
		left := s.eval(n.Left)
		switch {
		case n.Operator == token.LOGICAL_AND && !truth(left), n.Operator == token.LOGICAL_OR && truth(left):
			return left
		case n.Operator == token.LOGICAL_AND, n.Operator == token.LOGICAL_OR:
			return s.eval(n.Right)
		}
		return binary(n.Operator, left, s.eval(n.Right))
	case *ast.ConditionalExpression:
		if truth(s.eval(n.Test)) {
			return s.eval(n.Consequent)
		}
		return s.eval(n.Alternate)
	}
	panic(fmt.Errorf("scripts have no %T", e))
}

func (s *scope) assign(to ast.Expression, value any) {
	switch n := to.(type) {
	case *ast.Identifier:
		s.set(n.Name.String(), value)
	case *ast.DotExpression:
		setProperty(s.eval(n.Left), n.Identifier.Name.String(), value)
	case *ast.BracketExpression:
		setProperty(s.eval(n.Left), text(s.eval(n.Member)), value)
	default:
		panic(fmt.Errorf("scripts cannot assign to %T", to))
	}
}

func (s *scope) unary(n *ast.UnaryExpression) any {
	switch n.Operator {
	case token.NOT:
		return !truth(s.eval(n.Operand))
	case token.MINUS:
		return -number(s.eval(n.Operand))
	case token.TYPEOF:
		return typeOf(s.eval(n.Operand))
	case token.INCREMENT, token.DECREMENT:
		old := number(s.eval(n.Operand))
		value := old + 1
		if n.Operator == token.DECREMENT {
			value = old - 1
		}
		s.assign(n.Operand, value)
		if n.Postfix {
			return old
		}
		return value
	}
	panic(fmt.Errorf("scripts have no operator %v", n.Operator))
}

func binary(op token.Token, left, right any) any {
	switch op {
	case token.PLUS:
		_, leftNumber := left.(float64)
		_, rightNumber := right.(float64)
		if leftNumber && rightNumber {
			return left.(float64) + right.(float64)
		}
		return text(left) + text(right)
	case token.MINUS:
		return number(left) - number(right)
	case token.MULTIPLY:
		return number(left) * number(right)
	case token.STRICT_EQUAL:
		return same(left, right)
	case token.STRICT_NOT_EQUAL:
		return !same(left, right)
	case token.LESS:
		return number(left) < number(right)
	case token.LESS_OR_EQUAL:
		return number(left) <= number(right)
	case token.GREATER:
		return number(left) > number(right)
	case token.GREATER_OR_EQUAL:
		return number(left) >= number(right)
	}
	panic(fmt.Errorf("scripts have no operator %v", op))
}

// same is ===.
func same(left, right any) bool {
	l, leftHost := left.(host)
	r, rightHost := right.(host)
	if leftHost && rightHost {
		return l.identity() == r.identity()
	}
	switch left.(type) {
	case callable, []byte:
		panic(fmt.Errorf("scripts do not compare a %s", typeOf(left)))
	}
	return left == right
}

func truth(value any) bool {
	switch v := value.(type) {
	case nil, undefined:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case float64:
		return v != 0 && !math.IsNaN(v)
	}
	return true
}

func typeOf(value any) string {
	switch value.(type) {
	case undefined:
		return "undefined"
	case bool:
		return "boolean"
	case string:
		return "string"
	case float64:
		return "number"
	case callable:
		return "function"
	}
	return "object"
}

func number(value any) float64 {
	switch v := value.(type) {
	case float64:
		return v
	case int64:
		return float64(v)
	case int:
		return float64(v)
	case string:
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			return f
		}
	}
	return math.NaN()
}

// text is what JavaScript makes of a value that is joined to a string.
func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case float64:
		if math.IsInf(v, 1) {
			return "Infinity"
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case nil:
		return "null"
	case undefined:
		return "undefined"
	case []byte:
		return string(v)
	case *list:
		var parts []string
		for _, item := range v.all() {
			parts = append(parts, text(item))
		}
		return strings.Join(parts, ",")
	case error:
		return v.Error()
	}
	return fmt.Sprintf("[%T]", value)
}

// property is a member of any value.
func property(of any, name string) any {
	switch v := of.(type) {
	case *object:
		return v.get(name)
	case host:
		uses.member(v, name)
		return v.get(name)
	case *list:
		items := v.all()
		switch name {
		case "length":
			return float64(len(items))
		case "push":
			return callable(func(args ...any) any {
				v.mu.Lock()
				defer v.mu.Unlock()
				v.items = append(v.items, args...)
				return float64(len(v.items))
			})
		case "shift":
			return callable(func(...any) any {
				v.mu.Lock()
				defer v.mu.Unlock()
				if len(v.items) == 0 {
					return undefined{}
				}
				first := v.items[0]
				v.items = slices.Clone(v.items[1:])
				return first
			})
		case "join":
			return callable(func(args ...any) any {
				parts := make([]string, len(items))
				for i, item := range items {
					parts[i] = text(item)
				}
				return strings.Join(parts, text(args[0]))
			})
		case "indexOf":
			return callable(func(args ...any) any {
				return float64(slices.IndexFunc(items, func(item any) bool { return same(item, args[0]) }))
			})
		case "forEach":
			return callable(func(args ...any) any {
				for i, item := range items {
					call(args[0], "forEach", []any{item, float64(i)})
				}
				return undefined{}
			})
		}
		if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(items) {
			return items[i]
		}
		return undefined{}
	case string:
		switch name {
		case "length":
			return float64(len([]rune(v)))
		case "toLowerCase":
			return callable(func(...any) any { return strings.ToLower(v) })
		case "indexOf":
			return callable(func(args ...any) any { return float64(strings.Index(v, text(args[0]))) })
		}
		return undefined{}
	case []byte:
		if name == "length" {
			return float64(len(v))
		}
		return undefined{}
	case error:
		return errorProperty(v, name)
	}
	panic(fmt.Errorf("%s of %s", name, typeOf(of)))
}

func setProperty(of any, name string, value any) {
	switch v := of.(type) {
	case *object:
		v.set(name, value)
	case host:
		uses.member(v, name)
		v.set(name, value)
	default:
		panic(fmt.Errorf("cannot set %s of %s", name, typeOf(of)))
	}
}

func call(f any, name string, args []any) any {
	if f, ok := f.(callable); ok {
		return f(args...)
	}
	panic(fmt.Errorf("%s is not a function", name))
}

// describe names what is called, for errors.
func describe(e ast.Expression) string {
	switch n := e.(type) {
	case *ast.Identifier:
		return n.Name.String()
	case *ast.DotExpression:
		return describe(n.Left) + "." + n.Identifier.Name.String()
	}
	return "expression"
}
