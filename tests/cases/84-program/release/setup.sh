set -eu
mkdir -p /srv/app/public; echo '<?php echo "hello";' > /srv/app/public/index.php
printf '%s\n' 'server {' '  listen 80 default_server;' '  root /srv/app/public;' '  index index.php;' '  location / { try_files $uri /index.php?$args; }' '  location ~ [.]php$ {' '    include fastcgi_params;' '    fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;' '    fastcgi_pass unix:/run/php/php8.4-fpm.sock;' '  }' '}' > /etc/nginx/sites-enabled/default
