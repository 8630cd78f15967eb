// What the studio's plain pages (lists, publishing, comparison by text) need beside the common bundle.
import './studio/pages.css';
