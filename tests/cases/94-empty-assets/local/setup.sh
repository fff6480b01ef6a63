set -eu
mkdir -p /srv/app/public /srv/app/pub/static
echo '<?php echo "hello";' > /srv/app/public/index.php
echo 'body { color: red }' > /srv/app/pub/static/shop.css
