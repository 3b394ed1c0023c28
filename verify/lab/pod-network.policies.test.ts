// Pods reach each other through Calico's plugin and policies as they do through flannel's alone.
import "./pod-network.replica.test.ts";
