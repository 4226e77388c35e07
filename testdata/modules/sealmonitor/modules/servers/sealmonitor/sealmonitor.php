<?php
# SealMonitor uptime checks for WHMCS

full_query("CREATE TABLE IF NOT EXISTS mod_sealmonitor (serviceid INT NOT NULL, monitor VARCHAR(64) NOT NULL, PRIMARY KEY (serviceid))");

function sealmonitor_ConfigOptions() {
	$configarray = array(
	 "Interval" => array( "Type" => "dropdown", "Options" => "60,300,900", "Description" => "seconds" ),
	 "Locations" => array( "Type" => "text", "Size" => "5", "Description" => "how many" ),
	);
	return $configarray;
}

function sealmonitor_call($params, $method, $path, $fields = array()) {
	$ch = curl_init();
	curl_setopt($ch, CURLOPT_URL, "https://" . $params["serverhostname"] . "/rest/" . $path);
	curl_setopt($ch, CURLOPT_CUSTOMREQUEST, $method);
	curl_setopt($ch, CURLOPT_USERPWD, $params["serverusername"] . ":" . $params["serverpassword"]);
	curl_setopt($ch, CURLOPT_CONNECTTIMEOUT, 5);
	curl_setopt($ch, CURLOPT_TIMEOUT, 8);
	curl_setopt($ch, CURLOPT_RETURNTRANSFER, 1);
	if (count($fields)) {
		curl_setopt($ch, CURLOPT_POSTFIELDS, http_build_query($fields));
	}
	$answer = curl_exec($ch);
	logModuleCall("sealmonitor", $method . " " . $path, http_build_query($fields), $answer, "", array($params["serverpassword"]));
	return json_decode($answer, true);
}

function sealmonitor_monitor($params) {
	$result = select_query("mod_sealmonitor", "monitor", array("serviceid" => $params["serviceid"]));
	$row = mysql_fetch_array($result);
	return $row ? $row["monitor"] : "";
}

function sealmonitor_CreateAccount($params) {
	$locations = $params["configoptions"]["Locations"];
	if (!$locations) {
		$locations = $params["configoption2"];
	}
	$name = "whmcs" . $params["serviceid"];
	$found = sealmonitor_call($params, "GET", "monitors?name=" . $name);
	if (!isset($found["monitors"])) {
		return isset($found["problem"]) ? $found["problem"] : "SealMonitor did not answer";
	}
	if (isset($found["monitors"][0])) {
		$made = array("monitor" => $found["monitors"][0]);
	} else {
		$made = sealmonitor_call($params, "POST", "monitors", array(
			"name" => $name,
			"target" => "https://" . $params["domain"],
			"interval" => $params["configoption1"],
			"locations" => $locations,
			"alert" => $params["clientsdetails"]["email"],
		));
	}
	if (!isset($made["monitor"]["id"])) {
		return isset($made["problem"]) ? $made["problem"] : "SealMonitor did not answer";
	}
	if (sealmonitor_monitor($params) == "") {
		insert_query("mod_sealmonitor", array("serviceid" => $params["serviceid"], "monitor" => $made["monitor"]["id"]));
	} else {
		update_query("mod_sealmonitor", array("monitor" => $made["monitor"]["id"]), array("serviceid" => $params["serviceid"]));
	}
	return "success";
}

function sealmonitor_SuspendAccount($params) {
	$answer = sealmonitor_call($params, "PUT", "monitors/" . sealmonitor_monitor($params), array("paused" => "yes"));
	if ($answer["monitor"]["paused"] == "yes") {
		return "success";
	}
}

function sealmonitor_UnsuspendAccount($params) {
	$answer = sealmonitor_call($params, "PUT", "monitors/" . sealmonitor_monitor($params), array("paused" => "no"));
	if ($answer["monitor"]["paused"] == "no") {
		return "success";
	}
}

function sealmonitor_TerminateAccount($params) {
	$found = sealmonitor_call($params, "GET", "monitors?name=whmcs" . $params["serviceid"]);
	if (!isset($found["monitors"])) {
		return "SealMonitor did not answer";
	}
	foreach ($found["monitors"] as $monitor) {
		$answer = sealmonitor_call($params, "DELETE", "monitors/" . $monitor["id"]);
		if (!isset($answer["deleted"])) {
			return "SealMonitor did not delete the monitor";
		}
	}
	delete_query("mod_sealmonitor", array("serviceid" => $params["serviceid"]));
	return "success";
}

function sealmonitor_Renew($params) {
	update_query("tblhosting", array("renewdate" => "now()"), array("id" => $params["serviceid"]));
	return "success";
}

function sealmonitor_ChangePackage($params) {
	$answer = sealmonitor_call($params, "PUT", "monitors/" . sealmonitor_monitor($params), array("interval" => $params["configoption1"]));
	if (isset($answer["monitor"]["id"])) {
		return "success";
	}
	return "SealMonitor did not change the interval";
}

function sealmonitor_ClientArea($params) {
	$client = mysql_fetch_array(select_query("tblclients", "companyname,email", array("id" => $params["userid"])));
	$answer = sealmonitor_call($params, "GET", "monitors?name=whmcs" . $params["serviceid"]);
	return array(
		"templatefile" => "status",
		"vars" => array(
			"company" => $client["companyname"],
			"alert" => $client["email"],
			"monitors" => isset($answer["monitors"]) ? $answer["monitors"] : array(),
		),
	);
}
