<?php

namespace WHMCS\Module\Server\Vpsforge\Models;

use Illuminate\Database\Eloquent\Model;

class ForgeVolume extends Model
{
    protected $table = 'mod_vpsforge_volumes';
    protected $guarded = ['id'];

    public function server()
    {
        return $this->belongsTo(ForgeServer::class, 'server_id');
    }
}
