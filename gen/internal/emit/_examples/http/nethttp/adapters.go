package nethttp_test

import (
	"fmt"
	"io"
	"log"
	stdhttp "net/http"
	"net/http/httptest"

	"nodehttp/generated/http"
	"nodehttp/generated/http/nethttp"
)

// A ServeMux of net/http answers what our server receives.
func ExampleMount() {
	mux := stdhttp.NewServeMux()
	mux.HandleFunc("GET /users/{name}", func(w stdhttp.ResponseWriter, r *stdhttp.Request) {
		fmt.Fprintln(w, "user", r.PathValue("name"))
	})
	server := http.CreateServer()
	nethttp.Mount(server, mux)
	if err := server.ListenWith(http.ListenOptions{Host: "127.0.0.1"}); err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	response, err := stdhttp.Get("http://" + server.Address().String() + "/users/ryan")
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	fmt.Print(string(body))
	// Output: user ryan
}

// An http.Handler answers some requests of our server; a listener answers the others.
func ExampleServe() {
	moved := stdhttp.RedirectHandler("https://example.org/", 302)
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		if request.URL() == "/old" {
			nethttp.Serve(moved, request, response)
			return
		}
		response.EndString("new")
	})
	recorder := httptest.NewRecorder()
	nethttp.NewHandler(server).ServeHTTP(recorder, httptest.NewRequest("GET", "/old", nil))
	fmt.Println(recorder.Code, recorder.Header().Get("Location"))
	// Output: 302 https://example.org/
}

// Our server answers requests of net/http, here in a test with httptest.
func ExampleNewHandler() {
	server := http.CreateServer(func(request *http.IncomingMessage, response *http.ServerResponse) {
		response.EndString(request.Method() + " " + request.URL())
	})
	test := httptest.NewServer(nethttp.NewHandler(server))
	defer test.Close()

	response, err := stdhttp.Get(test.URL + "/status")
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	fmt.Println(response.StatusCode, string(body))
	// Output: 200 GET /status
}

// An http.Client sends its requests with our agent.
func ExampleNewTransport() {
	test := httptest.NewServer(stdhttp.HandlerFunc(func(w stdhttp.ResponseWriter, r *stdhttp.Request) {
		fmt.Fprint(w, r.Method, " ", r.URL)
	}))
	defer test.Close()

	agent := http.NewAgent(http.AgentOptions{KeepAlive: true, MaxSockets: 4})
	defer agent.Destroy()
	client := stdhttp.Client{Transport: nethttp.NewTransport(agent)}
	response, err := client.Get(test.URL + "/status")
	if err != nil {
		log.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close()
	fmt.Println(response.StatusCode, string(body), err)
	// Output: 200 GET /status <nil>
}
