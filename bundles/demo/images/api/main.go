// Command api is the demo's JSON interface to the store: GET /visits reads the counter, POST /visits counts one.
package main

import (
	"log"
	"net/http"

	"dockyard/bundles/demo/service"
)

// entry is a number as the store answers it.
type entry struct {
	Value int64  `json:"value"`
	Store string `json:"store"`
}

// visits is the answer, with the tasks that took part in it.
type visits struct {
	Visits int64  `json:"visits"`
	API    string `json:"api"`
	Store  string `json:"store"`
}

func main() {
	counter := service.Address("STORE_URL", "http://store:8082") + "/keys/visits"
	answer := func(method, url string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			var found entry
			if err := service.Ask(r.Context(), method, url, &found); err != nil {
				log.Print(err)
				http.Error(w, "the store does not answer: "+err.Error(), http.StatusBadGateway)
				return
			}
			service.Write(w, visits{Visits: found.Value, API: service.Task(), Store: found.Store})
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /visits", answer(http.MethodGet, counter))
	mux.HandleFunc("POST /visits", answer(http.MethodPost, counter+"/increment"))
	service.Run(8081, mux, func() error { return nil })
}
