<h3>PixelGuard</h3>
<table class="table">
    <tr><td>Website</td><td>{$domain|escape}</td></tr>
    <tr><td>Registered to</td><td>{$owner}</td></tr>
    <tr><td>Site ID</td><td>{$siteId|escape}</td></tr>
</table>
<p>Put this line into the head of every page:</p>
<pre>&lt;script src="https://cdn.pixelguard.example/guard.js?site={$siteKey}"&gt;&lt;/script&gt;</pre>
