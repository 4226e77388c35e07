{literal}
<style type="text/css">
.sealmonitor td { padding: 3px 8px; }
</style>
{/literal}
<table class="sealmonitor">
<tr><td>{$LANG.clientareaemail|default:"E-mail"}</td><td>{$alert}</td></tr>
<tr><td>Company</td><td>{$company}</td></tr>
{foreach from=$monitors item=monitor key=number name=list}
<tr>
	<td>Monitor {$smarty.foreach.list.iteration}</td>
	<td>{$monitor.target} {if $monitor.paused eq "yes"}(paused){/if}</td>
</tr>
{foreachelse}
<tr><td colspan="2">No monitor yet.</td></tr>
{/foreach}
</table>
