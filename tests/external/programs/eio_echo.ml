(* SPDX-License-Identifier: MIT *)
(* An echo server in the style of Eio's own examples, for want of a program in Debian that is made
   with Eio: a fibre for each connection, which gives up a client that is silent for ten seconds.
   usage: eio_echo PORT *)

let echo clock flow _ =
  let buf = Cstruct.create 4096 in
  let rec next () =
    let read () = Eio.Flow.single_read flow buf in
    let n = Eio.Time.with_timeout_exn clock 10.0 read in
    Eio.Flow.write flow [ Cstruct.sub buf 0 n ];
    next ()
  in
  try next () with End_of_file -> ()

let () =
  Eio_main.run @@ fun env ->
  Eio.Switch.run @@ fun sw ->
  let port = int_of_string Sys.argv.(1) in
  let address = `Tcp (Eio.Net.Ipaddr.V4.loopback, port) in
  let socket = Eio.Net.listen env#net ~sw ~backlog:8 ~reuse_addr:true address in
  Eio.Net.run_server socket (echo env#clock) ~on_error:raise
