// Command web shows the demo's page: how often it was visited, and which tasks took part in the answer.
package main

import (
	_ "embed"
	"html/template"
	"log"
	"net/http"
	"strings"

	"dockyard/bundles/demo/service"
)

//go:embed page.html
var source string

var page = template.Must(template.New("page").Parse(source))

// visit is what the page shows.
type visit struct {
	Visits int64  `json:"visits"`
	Web    string `json:"web"`
	API    string `json:"api"`
	Store  string `json:"store"`
}

func main() {
	api := service.Address("API_URL", "http://api:8081")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		seen := visit{Web: service.Task()}
		if err := service.Ask(r.Context(), http.MethodPost, api+"/visits", &seen); err != nil {
			log.Print(err)
			http.Error(w, "the API does not answer: "+err.Error(), http.StatusBadGateway)
			return
		}
		show(w, r, seen)
	})
	service.Run(8080, mux, func() error { return nil })
}

// show answers with the page, or with JSON for a program that asks for it.
func show(w http.ResponseWriter, r *http.Request, seen visit) {
	w.Header().Set("Cache-Control", "no-store")
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		service.Write(w, seen)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := page.Execute(w, seen); err != nil {
		log.Print(err)
	}
}
