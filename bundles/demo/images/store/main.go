// Command store keeps numbers under names: GET /keys/NAME reads one (0 when it was never set), PUT /keys/NAME?value=N
// sets it, POST /keys/NAME/increment adds one. What was answered is on the disk.
package main

import (
	"log"
	"net/http"
	"os"
	"strconv"

	"dockyard/bundles/demo/service"
)

// entry is the answer to every request.
type entry struct {
	Value int64  `json:"value"`
	Store string `json:"store"`
}

func main() {
	folder := service.Address("STORE_DATA", "/data")
	mux := http.NewServeMux()
	var numbers *Numbers
	// The probe shares the program but must not touch the data of the running store.
	if len(os.Args) == 1 {
		var err error
		if numbers, err = Open(folder); err != nil {
			log.Fatal(err)
		}
	}
	mux.HandleFunc("GET /keys/{name}", func(w http.ResponseWriter, r *http.Request) {
		service.Write(w, entry{Value: numbers.Get(r.PathValue("name")), Store: service.Task()})
	})
	mux.HandleFunc("PUT /keys/{name}", func(w http.ResponseWriter, r *http.Request) {
		value, err := strconv.ParseInt(r.URL.Query().Get("value"), 10, 64)
		if err != nil {
			http.Error(w, "value: a whole number is needed", http.StatusBadRequest)
			return
		}
		change(w, numbers, r.PathValue("name"), func(int64) int64 { return value })
	})
	mux.HandleFunc("POST /keys/{name}/increment", func(w http.ResponseWriter, r *http.Request) {
		change(w, numbers, r.PathValue("name"), func(old int64) int64 { return old + 1 })
	})
	service.Run(8082, mux, func() error { return numbers.Writable() })
}

func change(w http.ResponseWriter, numbers *Numbers, name string, next func(int64) int64) {
	value, err := numbers.Change(name, next)
	if err != nil {
		log.Print(err)
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	service.Write(w, entry{Value: value, Store: service.Task()})
}
