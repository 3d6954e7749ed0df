// Package service runs one HTTP service of the demo: it listens until SIGTERM, then finishes what it has begun.
package service

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// graceful is how long requests in flight may take after SIGTERM. Swarm kills a task 10 s after it.
const graceful = 5 * time.Second

// Client asks other services. It opens a connection for every request, so that every request is resolved anew:
// a service name stands for the tasks that run now, and they move.
var Client = &http.Client{
	Timeout: 3 * time.Second,
	Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext:       (&net.Dialer{Timeout: time.Second}).DialContext,
	},
}

// Run serves handler on port and answers /healthz itself. ready says why the service cannot work, nil when it can.
// With the flag -probe it asks the running service in the same container whether it is healthy, and ends.
func Run(port int, handler *http.ServeMux, ready func() error) {
	probe := flag.Bool("probe", false, "ask the running service for its health, for HEALTHCHECK")
	flag.Parse()
	if *probe {
		exitWith(askHealth(port))
	}
	handler.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		if err := ready(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	exitWith(serve(port, handler))
}

func serve(port int, handler http.Handler) error {
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	server := &http.Server{Addr: fmt.Sprintf(":%d", port), Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	log.Printf("listening on port %d", port)
	select {
	case err := <-failed:
		return err
	case <-stop.Done():
		log.Print("stopping")
		finish, cancel := context.WithTimeout(context.Background(), graceful)
		defer cancel()
		return server.Shutdown(finish)
	}
}

func askHealth(port int) error {
	answer, err := Client.Get(fmt.Sprintf("http://127.0.0.1:%d/healthz", port))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return errors.New(answer.Status)
	}
	return nil
}

func exitWith(err error) {
	if err != nil {
		log.Fatal(err)
	}
	os.Exit(0)
}

// Task names the task that answers: Docker gives every container its own hostname.
func Task() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}

// Address is where another service is found: the environment variable, else the address inside the application's network.
func Address(variable, usual string) string {
	if address := os.Getenv(variable); address != "" {
		return address
	}
	return usual
}

// Write answers with JSON.
func Write(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(value); err != nil {
		log.Print(err)
	}
}

// Ask sends a request without a body to another service and reads its JSON answer into value.
func Ask(ctx context.Context, method, url string, value any) error {
	request, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return err
	}
	answer, err := Client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s", method, url, answer.Status)
	}
	return json.NewDecoder(answer.Body).Decode(value)
}
